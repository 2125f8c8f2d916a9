// A mail relay for tests (npm smtp-server): keeps nothing, tells each letter as a line of JSON. Recipients at bounce.example are refused for good, at busy.example for now.
import { SMTPServer } from 'smtp-server';

const say = thing => process.stdout.write(JSON.stringify(thing) + '\n');
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });
const server = new SMTPServer({
  authOptional: true, disabledCommands: ['STARTTLS'], logger: false, allowInsecureAuth: true,
  onAuth: (auth, session, done) => auth.password === 'p@ss word' ? done(null, { user: auth.username }) : done(refuse(535, 'wrong')),
  onRcptTo: ({ address }, session, done) => address.endsWith('@bounce.example') ? done(refuse(550, 'no such mailbox')) : address.endsWith('@busy.example') ? done(refuse(451, 'later')) : done(),
  onData: (stream, session, done) => {
    const chunks = [];
    stream.on('data', chunk => chunks.push(chunk));
    stream.on('end', () => { say({ to: session.envelope.rcptTo.map(one => one.address), user: session.user ?? null, raw: Buffer.concat(chunks).toString('utf8') }); done(); });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => say({ port: server.server.address().port }));
process.stdin.on('end', () => process.exit()).resume();
