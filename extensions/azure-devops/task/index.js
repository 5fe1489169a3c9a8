// What the agent starts: hands over to PowerShell 7.6, which agents have on every platform, and ends as it ends.
'use strict';
const { spawn } = require('node:child_process');
const { join } = require('node:path');

function fail(message, code) {
  console.log(`##vso[task.complete result=Failed;]${message}`);
  process.exitCode = code || 1;
}

const script = join(__dirname, 'run-experiment.ps1');
const module_ = join(__dirname, 'Replicate', 'Replicate.psd1');
const child = spawn('pwsh', ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', script, '-Module', module_], { stdio: 'inherit' });
child.on('error', () => fail('PowerShell (pwsh) was not found on this agent. Install PowerShell 7.6 or later.', 1));
child.on('close', (code, signal) => {
  if (code !== 0) {
    fail(signal ? `The run was ended by ${signal}.` : `The run ended with exit code ${code}.`, code);
  }
});
// A build that is cancelled: the run is recorded as interrupted before it ends.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => child.kill(signal));
}
