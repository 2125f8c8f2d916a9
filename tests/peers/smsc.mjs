// An SMS centre for tests (npm smpp): tells each thing that happens as a line of JSON and does what it is told on standard input.
import smpp from 'smpp';
import { createInterface } from 'node:readline';

const say = thing => process.stdout.write(JSON.stringify(thing) + '\n');
let sessions = [], count = 0, deaf = false;
const server = smpp.createServer(session => {
  sessions.push(session);
  session.on('bind_transceiver', pdu => {
    const right = pdu.password === 'secret';
    session.send(pdu.response({ command_status: right ? 0 : smpp.ESME_RBINDFAIL, system_id: 'centre' }));
    say({ bound: right, system: pdu.system_id });
  });
  session.on('submit_sm', pdu => {
    if (deaf) return;
    const refused = pdu.destination_addr.endsWith('0000');
    const id = `m${++count}`;
    session.send(pdu.response({ command_status: refused ? smpp.ESME_RINVDSTADR : 0, message_id: refused ? '' : id }));
    const header = pdu.short_message.udh?.[0];
    say({ id, to: pdu.destination_addr, from: pdu.source_addr, coding: pdu.data_coding, text: pdu.short_message.message.toString(), receipt: pdu.registered_delivery, udh: header ? Buffer.concat(pdu.short_message.udh).toString('hex') : null });
  });
  session.on('deliver_sm_resp', pdu => say({ confirmed: pdu.command_status }));
  session.on('enquire_link', pdu => { session.send(pdu.response()); say({ enquired: true }); });
  session.on('unbind', pdu => { session.send(pdu.response()); session.close(); say({ unbound: true }); });
  session.on('close', () => { sessions = sessions.filter(one => one !== session); });
  session.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
createInterface({ input: process.stdin }).on('line', line => {
  const order = JSON.parse(line);
  if (order.drop) sessions.forEach(session => session.socket.destroy());
  if (order.deaf !== undefined) deaf = order.deaf;
  if (order.receipt) sessions.forEach(session => session.deliver_sm({ source_addr: '8613800002690', destination_addr: '10690555', esm_class: 4, short_message: `id:${order.receipt} sub:001 dlvrd:001 submit date:2611241340 done date:2611241340 stat:${order.stat} err:${order.err ?? '000'} text:` }));
  if (order.reply) sessions.forEach(session => session.deliver_sm({ source_addr: order.from, destination_addr: '10690555', data_coding: 8, short_message: order.udh ? { udh: Buffer.from(order.udh, 'hex'), message: Buffer.from(order.reply, 'utf16le').swap16() } : { message: Buffer.from(order.reply, 'utf16le').swap16() } }));
}).on('close', () => process.exit());
