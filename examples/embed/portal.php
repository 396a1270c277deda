<?php
// The address that <topup-portal src="…"> of index.html names. It makes a portal session for the tenant of whoever is
// signed in, and sends the browser on. The API key stays here; the link works once and for a minute.
//
//   TOPUP_URL=https://topup.example.com TOPUP_KEY=… TOPUP_ORIGIN=https://app.example.com php -S 127.0.0.1:8080 portal.php
//
// It needs PHP 8 and none of its extensions. The key needs the scope "purchase" (and "limits" for "settings"). Topup must
// know the origin: PUT /v1/settings/portal {"allowed_origins": ["https://app.example.com"]}.

declare(strict_types=1);

$topup = rtrim((string) getenv('TOPUP_URL'), '/');
$origin = (string) getenv('TOPUP_ORIGIN');

// Here your own session says whose tenant it is. Never take it from the request.
session_start();
$tenant = $_SESSION['tenant'] ?? getenv('TOPUP_DEMO_TENANT') ?: null;

$path = (string) parse_url($_SERVER['REQUEST_URI'] ?? '/', PHP_URL_PATH);
if ($path !== '/credits') {
    // The page itself, with the script of your own server of Topup in it.
    header('Content-Type: text/html; charset=utf-8');
    echo str_replace('https://topup.example.com', htmlspecialchars($topup, ENT_QUOTES), (string) file_get_contents(__DIR__ . '/index.html'));
    exit;
}
if ($tenant === null) {
    http_response_code(403);
    exit('Sign in first.');
}

$wanted = [
    'tenant' => $tenant,
    'scopes' => ['view', 'buy'],
    'return_url' => $origin . '/',
    'theme' => asked('theme', '~^(light|dark|auto)$~'),
    'locale' => asked('lang', '~^[a-z]{2,3}(-[A-Za-z]{2,8})?$~'),
];
// In a frame the session says which page may show it. A link that is opened in a window of its own needs none.
if (($_SERVER['HTTP_SEC_FETCH_DEST'] ?? '') === 'iframe') {
    $wanted['embed'] = $origin;
}
// The warning of a request that fails is for the log, not for the page.
$answer = @file_get_contents($topup . '/v1/portal-sessions', false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => ['Authorization: Bearer ' . getenv('TOPUP_KEY'), 'Content-Type: application/json'],
    'content' => json_encode(array_filter($wanted), JSON_THROW_ON_ERROR),
    'timeout' => 10,
    // What was refused says why in its body, which is for the log.
    'ignore_errors' => true,
]]));
$session = is_string($answer) ? json_decode($answer, true) : null;
if (!isset($session['url'])) {
    error_log('Topup: ' . (is_string($answer) ? $answer : error_get_last()['message'] ?? 'no answer'));
    http_response_code(502);
    exit('Your credits cannot be shown just now.');
}

// Which page of the portal to open, as <topup-button type="sms"> asks.
$page = asked('page', '~^[a-z0-9/_-]{1,64}$~');
header('Cache-Control: no-store');
header('Location: ' . $session['url'] . ($page === null ? '' : '?page=' . rawurlencode($page)), true, 303);

// A parameter of the address, if it is as it should be.
function asked(string $name, string $pattern): ?string
{
    $value = $_GET[$name] ?? null;
    return is_string($value) && preg_match($pattern . 'D', $value) ? $value : null;
}
