// What must not be written down, found while it is typed: card numbers, passwords, codes. The server has the last word (Huifang.Redaction);
// these few rules are its first and are held to the same examples (tests/shared/typed-vectors.json).

export type Kind = 'CARD' | 'PASSWORD' | 'OTP' | 'PIN' | 'CVV' | 'SEED_PHRASE';
export interface Secret { kind: Kind; start: number; end: number; tail?: boolean }

const chinese: Record<string, string> = { 零: '0', 〇: '0', 一: '1', 幺: '1', 二: '2', 两: '2', 兩: '2', 三: '3', 四: '4', 五: '5', 六: '6', 七: '7', 八: '8', 九: '9' };
const D = '0-9０-９零〇一幺二两兩三四五六七八九';
const link = '(?:\\s|号|號|码|碼|是|为|為|係|就|[:：=#"“「(（-]|\\b(?:is|was|no|num|number|are|it)\\b|[\']s){0,6}';
const run = new RegExp(`(?<![A-Za-z0-9０-９_])[${D}](?:[ \\-.\\u00a0\\u3000]{0,2}[${D}]){12,18}(?![0-9０-９])`, 'g');
const order = /(订单|訂單|交易|流水|单号|單號|编号|編號|参考|哈希|order|transaction|txn|tx|reference|ref|invoice|tracking|hash|case)\s*(?:号|號|码|碼|no\.?|number|id|#|[:：])?\s*$/i;
const cardWord = /(卡号|卡號|卡片号码|银行卡|銀行卡|信用卡|借记卡|借記卡|card|credit|debit|visa|mastercard|amex|unionpay)[^。！？!?\n]{0,14}$/i;
const announcedCard = new RegExp(`(?:卡号|卡號|card(?: number| no| num)?)${link}([${D}](?:[ \\-.]{0,2}[${D}]){8,18})`, 'gi');

const codes: [Kind, RegExp][] = [
  ['CVV', new RegExp(`(?:安全码|安全碼|卡背三位|末三码|末三碼|\\bcvv2?|\\bcvc2?|\\bcvn|\\bsecurity code)${link}([${D}](?: ?[${D}]){2,3})(?![ ]?[${D}])`, 'gi')],
  ['PIN', new RegExp(`(?:支付密码|支付密碼|交易密码|交易密碼|取款密码|提款密碼|付款密码|付款密碼|六位密码|\\bpin(?: code| number| no)?\\b|\\bpayment password)${link}([${D}](?:[ -]?[${D}]){3,7})(?![ ]?[${D}])`, 'gi')],
  ['OTP', new RegExp(`(?:验证码|驗證碼|校验码|校驗碼|动态码|動態碼|短信码|簡訊碼|一次性密码|\\botp\\b|\\bpasscode\\b|\\b(?:verification|one-time|one time|sms|auth) (?:code|password)\\b|(?<!(?:error|zip|promo|post|postal|area|country|sort|qr|status|coupon|source|exit|invite) )\\bcode\\b)${link}([${D}](?:[ -]?[${D}]){3,7})(?![ ]?[${D}])`, 'gi')],
  ['OTP', new RegExp(`(?<![A-Za-z0-9.,¥$])([0-9０-９](?:[ -]?[0-9０-９]){3,7})(?:是|係|就是| is | was )(?:我的|我的|the |my |your )?(?:验证码|驗證碼|code|otp)`, 'gi')],
  ['PASSWORD', new RegExp(`(?:密码|密碼|口令|\\bpassword|\\bpasswd|\\bpwd)${link}([${D}](?:[ -]?[${D}]){3,11})(?![ ]?[${D}])(?!\\s*[元块塊年月日天次])`, 'gi')],
];
const password = /(密码|密碼|口令|\bpassword\b|\bpasswd\b|\bpwd\b|\bpassphrase\b)((?:\s|是|为|為|係|[:：=]|\b(?:is|was)\b|["“「'])*)([\x21-\x2b\x2d-\x7e]{4,64})/gi;
const prose = new Set('wrong incorrect not the my a an being been no never always still too very also now already required invalid expired locked correct right weak strong short long case forgotten lost reset changed different same accepted rejected safe secure used saved stored needed what how where why who which that this it sent set only your our their his her ok okay fine hard easy really just so in on at for from to with and or but because when if again'.split(' '));
const seed = /(?:助记词|助記詞|助忆词|恢复词|恢復詞|\b(?:seed|recovery|mnemonic|secret recovery|backup) ?(?:phrase|words)?\b)\s*(?:[:：是为為]|\bis\b)*\s*((?:[a-z]{3,8}[\s,，、]+){11,23}[a-z]{3,8})/gi;

export function findSecrets(text: string): Secret[] {
  const found: Secret[] = [];
  const add = (kind: Kind, start: number, end: number) => {
    if (!found.some(other => other.start < end && start < other.end)) found.push({ kind, start, end });
  };
  for (const match of text.matchAll(seed)) group('SEED_PHRASE', match, 1, add);
  for (const match of text.matchAll(run)) {
    const before = text.slice(Math.max(0, match.index - 24), match.index);
    if (!order.test(before) && isCard(match[0], cardWord.test(before))) add('CARD', match.index, match.index + match[0].length);
  }
  for (const match of text.matchAll(announcedCard)) group('CARD', match, 1, add);
  for (const [kind, rule] of codes) for (const match of text.matchAll(rule)) group(kind, match, 1, add);
  for (const match of text.matchAll(password)) {
    const value = match[3]!.replace(/[.);:?']+$/, '');
    if (isPassword(value, /[:：=是为為係]|\b(is|was)\b/.test(match[2]!))) {
      const start = match.index + match[0].length - match[3]!.length;
      add('PASSWORD', start, start + value.length);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function group(kind: Kind, match: RegExpMatchArray, at: number, add: (kind: Kind, start: number, end: number) => void): void {
  const value = match[at]!;
  const start = match.index! + match[0].indexOf(value);
  add(kind, start, start + value.length);
}

function digits(text: string): string {
  return [...text].map(c => c >= '０' && c <= '９' ? String.fromCharCode(c.charCodeAt(0) - 0xfee0) : chinese[c] ?? c).filter(c => c >= '0' && c <= '9').join('');
}

function isCard(written: string, announced: boolean): boolean {
  const number = digits(written);
  if (number.length < 13 || number.length > 19) return false;
  const groups = written.split(/[ \-.\u00a0\u3000]+/).map(part => part.length);
  const regular = groups.length === 1 || groups.slice(1, -1).every(size => size === groups[0]) && groups.at(-1)! <= groups[0]! && groups[0]! !== 2 || /^4,6,5$/.test(groups.join(','));
  if (announced && regular) return true;
  const two = Number(number.slice(0, 2));
  const issued = ['4', '5'].includes(number[0]!) || [62, 60, 64, 65, 81, 35, 34, 37].includes(two) || (number.length === 16 && Number(number.slice(0, 4)) >= 2221 && Number(number.slice(0, 4)) <= 2720);
  return issued && (luhn(number) ? regular || groups.length > 1 : regular && (number.length === 16 || number.length === 19));
}

function luhn(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < number.length; i++) {
    let digit = Number(number[number.length - 1 - i]);
    if (i % 2 === 1) digit = digit < 5 ? digit * 2 : digit * 2 - 9;
    sum += digit;
  }
  return sum % 10 === 0;
}

function isPassword(value: string, announced: boolean): boolean {
  if (value.length < 4 || !/[A-Za-z]/.test(value)) return false;
  if (/\d/.test(value)) return announced || value.length >= 5;
  if (/[@#$%&*!^~+=?]/.test(value.slice(1))) return announced || /[@#$%&*^~]/.test(value);
  return announced && !prose.has(value.toLowerCase()) && !value.endsWith('ing') && !value.includes("'");
}
