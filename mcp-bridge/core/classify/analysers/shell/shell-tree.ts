/** The tree of a shell text as the injected parser (tree-sitter-bash) hands it over: plain data. */
export type ShellNode = {
  /** The grammar's node type; for a sign such as `>` or `;` the sign itself. */
  readonly type: string;
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly children: readonly ShellNode[];
};

/** Undefined: the text has a syntax error, or the parser could not work. */
export type ParseShell = (text: string) => ShellNode | undefined;

/** Node types that a text which only reads may hold. Anything else is at least a write. */
export const KNOWN_NODES: ReadonlySet<string> = new Set(
  `program command command_name word string string_content raw_string ansi_c_string translated_string concatenation number
  simple_expansion expansion variable_name special_variable_name command_substitution process_substitution
  redirected_statement file_redirect file_descriptor heredoc_redirect heredoc_start heredoc_body heredoc_content heredoc_end
  herestring_redirect list pipeline subshell compound_statement negated_command if_statement elif_clause else_clause
  for_statement while_statement do_group case_statement case_item test_command unary_expression binary_expression
  test_operator regex extglob_pattern parenthesized_expression arithmetic_expansion variable_assignment variable_assignments
  comment array brace_expression`.split(/\s+/),
);

/** Every node, parents before children, in order. Iterative: depth is the text's to choose. */
export function everyNode(root: ShellNode): readonly ShellNode[] {
  const nodes: ShellNode[] = [];
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node);
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) pending.push(child);
    }
  }
  return nodes;
}

export function isNamed(node: ShellNode): boolean {
  return /^[a-z_]+$/.test(node.type) && !KEYWORDS.has(node.type);
}

const KEYWORDS = new Set('if then elif else fi for in do done while until case esac function select time'.split(' '));
