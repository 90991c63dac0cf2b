import { type SyntaxLanguage, syntaxPieces } from './syntax.ts';
import { VisibleText } from './value.tsx';

/** One row of code: inert like every value, with the words of its language standing out. */
export function CodeText({ text, language }: { readonly text: string; readonly language: SyntaxLanguage }) {
  return syntaxPieces(text, language).map((piece, index) =>
    piece.kind === 'keyword' || piece.kind === 'comment' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one immutable line never change places
      <span key={index} className={`code-${piece.kind}`}>
        <VisibleText text={piece.text} lines="multi-line" />
      </span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <VisibleText key={index} text={piece.text} lines="multi-line" />
    ),
  );
}
