// Azurite's blob service, with the accounts "tester" and "guest". On loopback, for tests.
//
//   node azurite.js DIRECTORY PORT [OPTION…]
//
// Says "ready" once it answers on PORT, and ends with its standard input, so that it never outlives who started it.
'use strict';

const [directory, port, ...options] = process.argv.slice(2);
const key = (password) => Buffer.from(password).toString('base64');
process.env.AZURITE_ACCOUNTS = `tester:${key('testing')};guest:${key('guest-secret')}`;
process.argv.splice(2, Infinity,
  '--silent', '--disableTelemetry', '--skipApiVersionCheck', '--blobPort', port, '--location', directory, ...options);

const { log } = console;
console.log = (line) => { if (line.includes('successfully listens')) log('ready'); };
require('azurite/dist/src/blob/main');
process.stdin.on('end', () => process.exit(0)).resume();
