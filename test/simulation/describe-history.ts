import type { Fault } from './faults.ts';
import type { History, Step } from './history.ts';
import { WANTED } from './parts/fixture.ts';

/** Describes a history in lines for people: steps in order of time, then faults. */
export function describeHistory({ steps, faults, skewMs, drift }: History): string[] {
  return [
    ...steps.map((step) => `  at ${String(step.at).padStart(5)} s  ${describeStep(step)}`),
    ...faults.map((fault) => `  fault       ${describeFault(fault)}`),
    ...(skewMs === 0 ? [] : [`  clocks      up to ${skewMs / 1000} s off, both ways`]),
    ...(drift === 'events' ? [] : [`  drift       ${drift === 'pass' ? 'looked for' : 'looked for and removed'}`]),
  ];
}

function describeStep({ at: _at, ...step }: Step): string {
  const { do: what, ...details } = step as Record<string, unknown> & { do: string };
  const words = Object.entries(details)
    .filter(([name, value]) => !(name === 'presses' && value === 1) && value !== false)
    .map(([name, value]) => (name === 'wanted' ? `"${WANTED[Number(value)]?.name}"` : `${name} ${String(value)}`));
  return [what, ...words].join(', ');
}

function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'outage':
      return `${fault.service} is away from ${fault.from} s to ${fault.until} s (${fault.mishap})`;
    case 'not-run':
      return `Lambda does not run ${fault.function}, ${fault.times} times from ${fault.from} s (${fault.error})`;
    case 'call': {
      const whose = [fault.function, fault.operation].filter((name) => name !== undefined).join(' ');
      const which = `calls ${fault.skip + 1} to ${fault.skip + fault.times} of ${whose} after ${fault.from} s`;
      return `${which}: ${fault.mishap}${fault.error === undefined ? '' : ` (${fault.error})`}`;
    }
  }
}
