/** `countersign disconnect`: takes our entry out of an AI client's configuration; what was there before stands again. */
import { parseArgs } from 'node:util';
import { disconnectEntry } from '../../connect/connect-entry.ts';
import { aiClientOf, answered, placeOptions, targetOf } from './ai-client-option.ts';

export async function runDisconnect(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: placeOptions, allowPositionals: true });
  const aiClient = aiClientOf(positionals);
  return answered(() => {
    const target = targetOf(aiClient, values);
    const { file, place } = target;
    const done = disconnectEntry(target);
    const kept = 'backup' in done && done.backup !== undefined ? ` The file as it was is kept in ${done.backup}.` : '';
    switch (done.outcome) {
      case 'removed':
        process.stdout.write(`${aiClient.title}: "${place.name}" is out of ${file}.${kept}\n`);
        return 0;
      case 'restored':
        process.stdout.write(`${aiClient.title}: "${place.name}" in ${file} is what it was before.${kept}\n`);
        return 0;
      case 'deleted-file':
        process.stdout.write(`${aiClient.title}: ${file} was made by connecting and is gone again.${kept}\n`);
        return 0;
      case 'not-connected':
        process.stdout.write(`${aiClient.title} is not connected: there is no "${place.name}" in ${file}.\n`);
        return 0;
      case 'not-ours':
        process.stderr.write(
          `countersign: "${place.name}" in ${file} does not lead to Countersign, so it was left alone. Nothing was changed.\n`,
        );
        return 1;
    }
  });
}
