// A mail server on loopback, whose mails the suites read as people do.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** Listen on a port of the system's choice. `last(address)` waits for a mail to it and takes it out. */
export async function mailbox() {
  const mails = [];
  const waiting = [];
  const settle = () => {
    for (const wait of [...waiting]) {
      const at = mails.findLastIndex((mail) => mail.receivers.includes(wait.address));
      if (at < 0) continue;
      waiting.splice(waiting.indexOf(wait), 1);
      wait.resolve(mails.splice(at, 1)[0]);
    }
  };
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    speak(socket, (mail) => {
      mails.push(mail);
      settle();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    last: (address) =>
      new Promise((resolve) => {
        waiting.push({ address, resolve });
        settle();
      }),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** As much SMTP as a client needs: the envelope, and the message up to the dot. */
function speak(socket, deliver) {
  let [rest, receivers, lines] = ['', [], null];
  const say = (line) => socket.write(`${line}\r\n`);
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  say('220 mailbox');
  socket.on('data', (chunk) => {
    rest += chunk;
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (lines && line !== '.') {
        lines.push(line.replace(/^\./, ''));
      } else if (lines) {
        deliver({ receivers, ...read(lines.join('\n')) });
        [receivers, lines] = [[], null];
        say('250 kept');
      } else if (/^DATA/i.test(line)) {
        lines = [];
        say('354 go on');
      } else if (/^QUIT/i.test(line)) {
        say('221 bye');
        socket.end();
      } else {
        const receiver = /^RCPT TO:<([^>]*)>/i.exec(line);
        if (receiver) receivers.push(receiver[1]);
        say('250 mailbox');
      }
    }
  });
}

/** Headers, and the plain part decoded. */
function read(source) {
  const [head, ...body] = source.split('\n\n');
  const headers = Object.fromEntries(
    head
      .replace(/\n[ \t]+/g, ' ')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'])[1];
  const part = body.join('\n\n').split(`--${boundary}`).find((piece) => /content-type: text\/plain/i.test(piece));
  const [partHead, ...partBody] = part.trim().split('\n\n');
  return { headers, text: decoded(partBody.join('\n\n'), partHead) };
}

function decoded(text, head) {
  if (/quoted-printable/i.test(head)) {
    const bytes = text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8');
  return text;
}

/** The parameters of the first link of a mail. */
export function linkOf(mail) {
  const url = new URL(/https?:\/\/\S+/.exec(mail.text)[0]);
  return { url, ...Object.fromEntries(url.searchParams) };
}

/** The code of a mail: six digits on a line of their own. */
export function codeOf(mail) {
  return /^\s*(\d{6})\s*$/m.exec(mail.text)[1];
}
