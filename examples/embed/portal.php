<?php
// The address that <topup-portal src="…"> of index.html names. It makes a portal session for the tenant of whoever is
// signed in, and sends the browser on. The API key stays here; the link works once and for a minute.
//
//   TOPUP_URL=https://topup.example.com TOPUP_KEY=… TOPUP_ORIGIN=https://app.example.com php -S 127.0.0.1:8080 portal.php
//
// The key needs the scope "purchase" (and "limits" for "settings").

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

$asked = ['tenant' => $tenant, 'scopes' => ['view', 'buy'], 'return_url' => $origin . '/', 'theme' => theme(), 'locale' => language()];
// In a frame the session says which page may show it. A link that is opened in a window of its own needs none.
if (($_SERVER['HTTP_SEC_FETCH_DEST'] ?? '') === 'iframe') {
    $asked['embed'] = $origin;
}
$request = curl_init($topup . '/v1/portal-sessions');
curl_setopt_array($request, [
    CURLOPT_POST => true,
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 10,
    CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('TOPUP_KEY'), 'Content-Type: application/json'],
    CURLOPT_POSTFIELDS => json_encode(array_filter($asked), JSON_THROW_ON_ERROR),
]);
$answer = curl_exec($request);
$session = is_string($answer) ? json_decode($answer, true) : null;
if (curl_getinfo($request, CURLINFO_RESPONSE_CODE) !== 201 || !is_array($session)) {
    error_log('Topup: ' . (is_string($answer) ? $answer : curl_error($request)));
    http_response_code(502);
    exit('Your credits cannot be shown just now.');
}

// Which page of the portal to open, as <topup-button type="sms"> asks.
$page = preg_match('~^[a-z0-9/_-]{1,64}$~', $_GET['page'] ?? '') ? '?page=' . rawurlencode($_GET['page']) : '';
header('Cache-Control: no-store');
header('Location: ' . $session['url'] . $page, true, 303);

function theme(): ?string
{
    return in_array($_GET['theme'] ?? '', ['light', 'dark', 'auto'], true) ? $_GET['theme'] : null;
}

function language(): ?string
{
    return preg_match('~^[a-z]{2,3}(-[A-Za-z]{2,8})?$~', $_GET['lang'] ?? '') ? $_GET['lang'] : null;
}
