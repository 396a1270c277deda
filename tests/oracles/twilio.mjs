// Signs and checks callbacks with Twilio's own library. A line in, a line out:
//   {url, params, token}                   ->  {signature}
//   {url, params, token, signature}        ->  {accepted}
import { createInterface } from 'node:readline';
import twilio from 'twilio';

for await (const line of createInterface({ input: process.stdin })) {
  const { url, params, token, signature } = JSON.parse(line);
  console.log(JSON.stringify(signature === undefined
    ? { signature: twilio.getExpectedTwilioSignature(token, url, params) }
    : { accepted: twilio.validateRequest(token, signature, url, params) }));
}
