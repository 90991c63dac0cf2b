import { expect, test } from 'vitest';
import { librariesNotFound } from '../../../main/launch/runtime-health.mjs';

test.each([
  ['all there', '\tlinux-vdso.so.1 (0x0)\n\tlibgtk-3.so.0 => /lib/libgtk-3.so.0 (0x1)\n', []],
  [
    'two missing',
    '\tlibgtk-3.so.0 => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x1)\n\tlibnss3.so => not found\n',
    ['libgtk-3.so.0', 'libnss3.so'],
  ],
  ['no answer', '', []],
])('%s', (_name, output, expected) => expect(librariesNotFound(output)).toEqual(expected));
