import { createElement, Fragment } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { EffectView } from '../../../mcp-bridge/core/model/effect-view.ts';
import { asUntrusted } from '../../../mcp-bridge/core/model/untrusted.ts';
import { ApprovalBody } from '../../../renderer/approval/approval-body.tsx';
import { ApprovalHeader } from '../../../renderer/approval/approval-header.tsx';
import { Value } from '../../../renderer/ui/value.tsx';
import { sampleApproval } from '../../support/sample-approvals.ts';

const hidden: string[] = [];
for (let point = 0; point <= 0x10ffff; point += 1) {
  const character = String.fromCodePoint(point);
  if (/[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}]/u.test(character)) hidden.push(character);
}

test('every bidirectional, ignorable and control character is drawn as an escape (DG-01, DG-02, DG-05)', () => {
  expect(hidden.length).toBeGreaterThan(4000);
  const markup = renderToStaticMarkup(createElement(Value, { text: hidden.map((each) => `a${each}`).join('') }));
  expect(hidden.filter((character) => markup.includes(character))).toEqual([]);
  expect(markup.match(/class="escape"/g)?.length).toBe(hidden.length);
});

test('a value is isolated and reads from left to right', () => {
  const markup = renderToStaticMarkup(createElement(Value, { text: 'a\u202eb' }));
  expect(markup).toBe('<span class="value" dir="ltr">a<span class="escape">⟨U+202E⟩</span>b</span>');
});

const naughty = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '"><a href="https://evil.example">Click here to verify</a>',
  'javascript:alert(1)//',
  '[click](https://evil.example)',
  '![](https://evil.example/p.png)',
  'https://evil.example/verify',
  '<style>*{display:none}</style>',
  '<button>Approve once</button>',
  '</blockquote></main><h1>Nothing to see</h1>',
  '&lt;b&gt;bold&lt;/b&gt; &amp; &#60;',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202E\u2066<b>\u200B</b>',
  "'; DROP TABLE users; --",
  'a\nRisk: none\nApproved by: Countersign',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤',
  '👩‍👩‍👧‍👦 🏳️‍🌈',
  `${'x'.repeat(5000)}<b>end</b>`,
];

/** The text in every place where someone else's words can stand. */
function everywhere(text: string): EffectView {
  const fact = { label: 'Label', value: text, machineMade: true };
  return {
    effect: 'write',
    headline: [{ text, style: 'code' }],
    consequence: text,
    irreversible: false,
    environment: text,
    warnings: [text],
    facts: [fact],
    sections: [
      {
        kind: 'diff',
        title: text,
        files: [
          {
            path: text,
            previousPath: text,
            status: 'renamed',
            binary: false,
            addedLines: 1,
            removedLines: 0,
            hunks: [{ header: text, lines: [{ kind: 'added', text }] }],
          },
        ],
      },
      { kind: 'list', title: text, items: [{ name: text, detail: text, warning: text }] },
      { kind: 'code', title: text, language: 'sql', text, marks: [{ start: 1, end: 4, reason: text }] },
      {
        kind: 'message',
        recipients: [{ label: text, names: [text] }],
        subject: text,
        body: text,
        attachments: [{ name: text }],
      },
      { kind: 'request', method: text, url: text, headers: [fact], body: text },
      {
        kind: 'arguments',
        title: text,
        fields: [{ name: text, title: text, typeName: text, value: { [text]: [text, { a: text }] } }],
      },
    ],
    claims: [{ by: 'mcp-client', text: asUntrusted(text) }],
    confirmation: { kind: 'none' },
    approveLabel: 'Approve once',
  };
}

function draw(text: string): string {
  const approval = sampleApproval('commit', 0, {
    view: everywhere(text),
    mcpClientName: text,
    personLabel: text,
    serverId: text,
    toolName: text,
    canonicalArguments: text,
  });
  return renderToStaticMarkup(
    createElement(
      Fragment,
      null,
      createElement(ApprovalHeader, { approval }),
      createElement(ApprovalBody, { approval }),
    ),
  );
}

const tagsOf = (markup: string) => new Set([...markup.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));
const ours = tagsOf(draw('plain words'));

describe('naughty text stays text wherever it stands (DG-09, DG-10)', () => {
  test('our own page has no links, images, scripts, styles or frames', () => {
    const foreign = ['a', 'img', 'script', 'style', 'iframe', 'object', 'link', 'form'];
    expect(foreign.filter((tag) => ours.has(tag))).toEqual([]);
  });

  test.each(naughty)('%j', (text) => {
    const markup = draw(text);
    expect([...tagsOf(markup)].filter((tag) => !ours.has(tag) && tag !== 'mark')).toEqual([]);
    const tags = (markup.match(/<[a-z][^>]*>/g) ?? []).join('');
    expect(tags.match(/\s(on\w+|href|src|style)=/gi)).toBeNull();
  });
});

test('a text of several lines stands in a frame of its own, one of one line does not (DG-04)', () => {
  const markup = (value: string) =>
    renderToStaticMarkup(
      createElement(ApprovalBody, {
        approval: sampleApproval('commit', 0, {
          view: { ...everywhere('x'), sections: [], facts: [{ label: 'Note', value, machineMade: false }] },
        }),
      }),
    );
  expect(markup('a\nRisk: none')).toContain('<span class="value value-box" dir="ltr">a\nRisk: none</span>');
  expect(markup('a')).toContain('<span class="value" dir="ltr">a</span>');
});
