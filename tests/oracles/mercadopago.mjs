// What the official library of Mercado Pago says of signatures. One question on the input, {now, cases}; one list of answers on the output.
import { readFileSync } from 'node:fs';
import mercadopago from 'mercadopago';

const { now, cases } = JSON.parse(readFileSync(0, 'utf8'));

function isGenuine({ Header, RequestId, Id, Secret }) {
  try {
    mercadopago.WebhookSignatureValidator.validate({
      xSignature: Header, xRequestId: RequestId, dataId: Id, secret: Secret, toleranceSeconds: 300, now: () => now,
    });
    return true;
  } catch (refused) {
    if (refused.name !== 'InvalidWebhookSignatureError') throw refused;
    return false;
  }
}

console.log(JSON.stringify(cases.map(isGenuine)));
