import { useEffect, useState } from 'react';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';

const SAID_FOR_MS = 2500;

/** The clipboard belongs to main; this only says that it was copied after main has said so. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const copy = useAction(() => dashboardApi().call['clipboard:copy']({ text }));
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button
      onClick={() => void copy.run().then((done) => setIsCopied(done !== undefined))}
      disabled={copy.busy}
      aria-live="polite"
    >
      {copy.failure === undefined ? (isCopied ? 'Copied' : 'Copy') : 'Not copied'}
      <span className="visually-hidden">
        {' '}
        <Value text={what} />
      </span>
    </Button>
  );
}
