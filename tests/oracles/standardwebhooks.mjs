// Signs and checks webhooks with the library of the Standard Webhooks project. A line in, a line out:
//   {id, body, secret, time}                        ->  {signature}
//   {id, body, secret, time, signature, now}        ->  {accepted}
// Bodies are base64; times are unix seconds.
import { createInterface } from 'node:readline';
import { Webhook } from 'standardwebhooks';

const systemTime = Date.now;

for await (const line of createInterface({ input: process.stdin })) {
  const { id, body, secret, time, signature, now } = JSON.parse(line);
  const payload = Buffer.from(body, 'base64').toString('utf8');
  const webhook = new Webhook(secret);
  if (signature === undefined) {
    console.log(JSON.stringify({ signature: webhook.sign(id, new Date(time * 1000), payload) }));
    continue;
  }
  let accepted = true;
  Date.now = () => now * 1000;
  try {
    webhook.verify(payload, { 'webhook-id': id, 'webhook-timestamp': String(time), 'webhook-signature': signature });
  } catch {
    accepted = false;
  }
  Date.now = systemTime;
  console.log(JSON.stringify({ accepted }));
}
