/**
 * The bash grammar of tree-sitter in WebAssembly. Its trees live in WebAssembly's memory: each is copied out as plain
 * data and freed at once. Undefined: a syntax error anywhere, or nesting that no command of a person has.
 */
import { createRequire } from 'node:module';
import { Language, Parser, type TreeCursor } from 'web-tree-sitter';
import type { ParseShell, ShellNode } from '../core/classify/analysers/shell/shell-tree.ts';

const MAX_DEPTH = 200;

export async function loadShellParser(): Promise<ParseShell> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bash/tree-sitter-bash.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return (text) => {
    try {
      const tree = parser.parse(text);
      if (tree === null) return undefined;
      const cursor = tree.walk();
      try {
        return tree.rootNode.hasError ? undefined : copied(cursor, 0);
      } finally {
        cursor.delete();
        tree.delete();
      }
    } catch {
      return undefined;
    }
  };
}

function copied(cursor: TreeCursor, depth: number): ShellNode | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const children: ShellNode[] = [];
  const node = { type: cursor.nodeType, start: cursor.startIndex, end: cursor.endIndex, children };
  if (cursor.gotoFirstChild()) {
    do {
      const child = copied(cursor, depth + 1);
      if (child === undefined) return undefined;
      children.push(child);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return node;
}
