// The Google Cloud Storage emulator of firebase-tools, without its rules and without a login. On loopback, for tests.
//
//   node gcs.js PORT
//
// Says "ready" once it answers on PORT, and ends with its standard input, so that it never outlives who started it.
'use strict';

const emulator = (name) => require(`firebase-tools/lib/emulator/${name}`);
const { EmulatorRegistry } = emulator('registry');
const { StorageEmulator } = emulator('storage');
const { createApp } = emulator('storage/server');

const [host, port, projectId] = ['127.0.0.1', Number(process.argv[2]), 'tests'];
const storage = new StorageEmulator({ projectId, host, port, rules: { name: 'none', content: '' } });
EmulatorRegistry.set('storage', storage); // where it looks for its own address when it makes upload links
createApp(projectId, storage).then((app) => app.listen(port, host, () => console.log('ready')));
process.stdin.on('end', () => process.exit(0)).resume();
