/** Redirections: reading from a file reads, writing to one is a write, and devices and networks are neither (CL-12). */
import type { Finding } from '../findings.ts';
import { textOf } from '../words.ts';
import { gitFolder, runsCode } from './shell-command.ts';
import type { ShellNode } from './shell-tree.ts';
import { WORD_ENDS, wordOf } from './shell-words.ts';

const SAFE_TARGET = /^\/dev\/(null|stdout|stderr|tty)$/;

export function redirectFindings(node: ShellNode, text: string): readonly Finding[] {
  const operator = node.children.find((child) => /^[<>&|]+$/.test(child.type))?.type ?? '>';
  const last = node.children.at(-1);
  const whole = last === undefined || last.end >= text.length || WORD_ENDS.test(text.charAt(last.end));
  const target = last === undefined || last.type === operator || !whole ? undefined : wordOf(last, text);
  const name = textOf(target);
  const marks = [{ start: node.start, end: node.end, reason: 'Redirected here.' }];
  if (/^\/dev\/(tcp|udp)\//.test(name))
    return [{ ...runsCode('Talks to a network address through a redirection.'), marks }];
  if (operator === '<' || operator === '<&')
    return target?.text === undefined && operator === '<&'
      ? [{ effect: 'write', reason: 'Reads from a descriptor that is only known at run time.' }]
      : [];
  if (target?.text !== undefined && (SAFE_TARGET.test(name) || (/>&$/.test(operator) && /^\d+-?$|^-$/.test(name))))
    return [];
  if (/^\/dev\/|^\/(proc|sys)\//.test(name)) return [{ ...runsCode('Writes to a device or to the kernel.'), marks }];
  const overwrites = operator !== '>>' && operator !== '&>>';
  return [
    {
      effect: 'write',
      action: overwrites ? 'overwrite-file' : 'append-file',
      reason: `Output is written to ${target?.text === undefined ? 'a file only known at run time' : 'a file'}${overwrites ? ', replacing what it holds' : ''}.`,
      objects: name === '' ? [] : [{ kind: 'path', name }],
      marks,
      ...(target === undefined ? {} : gitFolder([target])),
    },
  ];
}
