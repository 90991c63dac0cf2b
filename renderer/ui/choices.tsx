import { useId } from 'react';
import { Value } from './value.tsx';

export type Ticks = {
  readonly ticked: readonly string[];
  readonly onTick: (choiceId: string, isTicked: boolean) => void;
};

type Choice = { readonly choiceId: string; readonly sentence: string };

/** SECURITY(DG-24): nothing is ticked in advance, and there is no "all". */
export function Choices({
  choices,
  ticks,
}: {
  readonly choices: readonly Choice[];
  readonly ticks: Ticks | undefined;
}) {
  return (
    <ul className="frame choices-list">
      {choices.map((choice) => (
        <ChoiceRow key={choice.choiceId} choice={choice} ticks={ticks} />
      ))}
    </ul>
  );
}

function ChoiceRow({ choice, ticks }: { readonly choice: Choice; readonly ticks: Ticks | undefined }) {
  const boxId = useId();
  return (
    <li className="choice-row">
      <input
        id={boxId}
        type="checkbox"
        checked={ticks?.ticked.includes(choice.choiceId) ?? false}
        disabled={ticks === undefined}
        onChange={(event) => event.nativeEvent.isTrusted && ticks?.onTick(choice.choiceId, event.target.checked)}
      />
      <label htmlFor={boxId}>
        <Value text={choice.sentence} />
      </label>
    </li>
  );
}
