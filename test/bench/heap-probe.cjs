// @ts-nocheck: plain Node loads it, without a build.
// Loaded before the bridge that is measured (`node --expose-gc --require heap-probe.cjs …`): answers on a socket beside
// its configuration what it holds after a full collection.
const { createServer } = require('node:http');
const { dirname, join } = require('node:path');

const config = process.argv[process.argv.indexOf('--config') + 1];
const status = createServer((_incoming, outgoing) => {
  globalThis.gc();
  // What finalizers let go is collected by the next one.
  setImmediate(() => {
    globalThis.gc();
    outgoing.end(JSON.stringify(process.memoryUsage()));
  });
});
status.listen(join(dirname(config), 'heap.sock'));
status.unref();
