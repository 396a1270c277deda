// A mailbox to try things with: takes mail on a free port of 127.0.0.1, says "port N", and writes each mail to FOLDER/N.eml.
// It encrypts nothing and asks nobody who they are, so it is for this machine only.  node mailbox.mjs FOLDER
import { createServer } from 'node:net';
import { writeFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
let mails = 0;

const server = createServer((socket) => {
  let [received, isMail] = ['', false];
  const say = (line) => socket.write(line + '\r\n');
  const keep = (mail) => {
    const name = join(folder, `${++mails}`);
    writeFileSync(name, mail.replace(/^\./gm, ''));
    renameSync(name, name + '.eml'); // whoever looks sees whole mails only
  };
  socket.on('error', () => {});
  socket.on('data', (data) => {
    received += data.toString('latin1');
    for (;;) {
      const end = received.indexOf(isMail ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const text = received.slice(0, end);
      received = received.slice(end + (isMail ? 5 : 2));
      if (isMail) {
        keep(text);
        isMail = false;
        say('250 taken');
      } else if (/^DATA/i.test(text)) {
        isMail = true;
        say('354 go on');
      } else if (/^QUIT/i.test(text)) {
        socket.end('221 bye\r\n');
      } else {
        say('250 ok');
      }
    }
  });
  say('220 mailbox');
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
