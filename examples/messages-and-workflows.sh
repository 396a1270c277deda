#!/usr/bin/env bash
# A tenant's e-mails flow until its credits end. The next one is refused, and a notice arrives; a purchase resumes the flow, and its
# confirmation is in the mailbox with the five shortcodes filled in.
#
#   ./run                                                       in another terminal; it prints TOPUP_KEY
#   TOPUP_KEY=… examples/messages-and-workflows.sh
#
# Without SMTP_HOST mail goes to a small mailbox that this script starts (it needs node, on the machine of the server) and reads back. With your
# own mail server it goes there, and you look yourself:
#
#   SMTP_HOST=smtp.example.com SMTP_PORT=587 SMTP_SECURITY=start_tls SMTP_USER=… SMTP_PASSWORD=… MAIL_FROM=you@example.com MAIL_TO=you@example.com
set -euo pipefail

url="${TOPUP_URL:-http://localhost:5080}/v1"
: "${TOPUP_KEY:?is the key that ./run printed}"
here="$(cd "$(dirname "$0")" && pwd)"
tenant="studio-$(date +%s)-$$"
folder="$(mktemp -d)"
mailbox=""

call() { # method, path, body
  curl -sS -X "$1" "$url/$2" -H "Authorization: Bearer $TOPUP_KEY" -H "Idempotency-Key: $tenant-$RANDOM$RANDOM" -H 'Content-Type: application/json' ${3:+-d "$3"}
}

need() { # what must be in an answer, the answer
  grep -q "$1" <<< "$2" || { echo "Expected $1, got: $2" >&2; exit 1; }
}

end() {
  for code in over thanks; do call DELETE "workflows/$tenant-$code" > /dev/null || true; done
  call DELETE "message-drivers/$tenant" > /dev/null || true
  [ -z "$mailbox" ] || kill "$mailbox" 2> /dev/null || true
  rm -rf "$folder"
}
trap end EXIT

arrives() { # part of a subject: shows the mail, when the mailbox is ours
  if [ -z "$mailbox" ]; then echo "   Look for a mail with the subject: $1"; return; fi
  for _ in $(seq 150); do
    if mail="$(grep -l "^Subject: .*$1" "$folder"/*.eml 2> /dev/null | head -1)" && [ -n "$mail" ]; then
      tr -d '\r' < "$mail" | sed -n '/^Subject:/p; 1,/^$/d; p' | sed 's/^/   | /'
      return
    fi
    sleep 0.2
  done
  echo "No mail with the subject $1 has arrived." >&2
  exit 1
}

if [ -z "${SMTP_HOST:-}" ]; then
  node "$here/mailbox.mjs" "$folder" > "$folder/port" &
  mailbox=$!
  until grep -qs port "$folder/port"; do sleep 0.1; done
  driver="\"host\": \"127.0.0.1\", \"port\": $(cut -d' ' -f2 "$folder/port"), \"security\": \"none\""
else
  driver="\"host\": \"$SMTP_HOST\", \"port\": ${SMTP_PORT:-587}, \"security\": \"${SMTP_SECURITY:-start_tls}\""
  [ -z "${SMTP_USER:-}" ] || driver="$driver, \"username\": \"$SMTP_USER\", \"secret\": \"${SMTP_PASSWORD:?}\""
fi
to="${MAIL_TO:-owner@studio.example}"

echo "1. A driver for e-mail, before all others; a tenant with 3 credits; two workflows."
need '"sends":true' "$(call PUT "message-drivers/$tenant" "{\"kind\": \"smtp\", \"channel\": \"email\", \"priority\": 100, \"from\": \"${MAIL_FROM:-shop@topup.example}\", $driver}")"
need "$tenant" "$(call PUT "tenants/$tenant" "{\"name\": \"Studio\", \"plan\": null, \"email\": \"$to\"}")"
need '"total":3' "$(call POST grants "{\"tenant\": \"$tenant\", \"type\": \"email\", \"amount\": 3, \"source\": \"promotional\"}")"
need '"enabled":true' "$(call PUT "workflows/$tenant-over" "{\"name\": \"E-mail is over\", \"event\": \"email.exhausted\", \"conditions\": {\"tenant\": \"$tenant\"}, \"actions\": [
  {\"kind\": \"email\", \"to\": \"tenant\", \"subject\": \"{tenant_name}: no {credit_type} credits left\", \"text\": \"Your e-mails are stopped.\\nTop up to go on.\"}]}")"
need '"enabled":true' "$(call PUT "workflows/$tenant-thanks" "{\"name\": \"Thanks\", \"event\": \"topup.purchased\", \"conditions\": {\"tenant\": \"$tenant\"}, \"actions\": [
  {\"kind\": \"email\", \"to\": \"tenant\", \"subject\": \"Thanks for your top-up, {tenant_name}\",
   \"text\": \"Top-up: {topup_plan_name}\\nType: {topup_plan_type}\\nCredits: {topup_credits}\\nPrice: {topup_price}\\nPaid with: {topup_payment_method}\"}]}")"

send() { call POST messages "{\"tenant\": \"$tenant\", \"channel\": \"email\", \"to\": \"$to\", \"subject\": \"Letter $1\", \"text\": \"This is letter $1.\"}"; }

echo "2. Its e-mails flow ..."
for i in 1 2 3; do
  need '"status":"\(queued\|sending\|sent\)"' "$(send $i)"
  arrives "Letter $i"
done

echo "3. ... until the credits end: the next one is refused, and the notice arrives."
refused="$(send 4)"
need insufficient_credits "$refused"
grep -o '"code":"[a-z_]*"\|"reason":"[a-z_]*"' <<< "$refused" | head -1 | sed 's/^/   /'
arrives "no E-mail credits left"

echo "4. It buys 10,000 more from its balance; the flow resumes, and the confirmation arrives."
need '"total":100' "$(call POST grants "{\"tenant\": \"$tenant\", \"type\": \"balance\", \"amount\": 100, \"source\": \"transfer\", \"reason\": \"bank transfer\"}")"
need '"status":"credited"' "$(call POST purchases "{\"tenant\": \"$tenant\", \"pack\": \"${PACK:-email-10000}\", \"method\": \"balance\"}")"
arrives "Thanks for your top-up"
need '"status":"\(queued\|sending\|sent\)"' "$(send 5)"
arrives "Letter 5"

for code in over thanks; do
  for _ in $(seq 150); do
    # What is deleted at the end cancels what it has not done yet.
    if call GET "workflows/$tenant-$code/runs" | grep -q '"status":"done"'; then break; fi
    sleep 0.2
  done
done
echo "5. What the workflows did:"
for code in over thanks; do
  call GET "workflows/$tenant-$code/runs" | grep -o '"event":"[^"]*"\|"status":"[a-z]*"' | paste -sd' ' | sed 's/^/   /'
done
