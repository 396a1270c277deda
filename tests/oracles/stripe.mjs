// Signs and checks notifications with Stripe's own library. A line in, a line out:
//   {body, secret, time}                   ->  {header}
//   {body, secret, header, now}            ->  {accepted}
// Bodies are base64; times are unix seconds.
import { createInterface } from 'node:readline';
import Stripe from 'stripe';

const { webhooks } = new Stripe('sk_test_none');
const toleranceSeconds = 300;

for await (const line of createInterface({ input: process.stdin })) {
  const { body, secret, time, header, now } = JSON.parse(line);
  const payload = Buffer.from(body, 'base64');
  if (header === undefined) {
    console.log(JSON.stringify({ header: webhooks.generateTestHeaderString({ payload: payload.toString('utf8'), secret, timestamp: time }) }));
    continue;
  }
  let accepted = true;
  try {
    webhooks.constructEvent(payload, header, secret, toleranceSeconds, undefined, now * 1000);
  } catch {
    accepted = false;
  }
  console.log(JSON.stringify({ accepted }));
}
