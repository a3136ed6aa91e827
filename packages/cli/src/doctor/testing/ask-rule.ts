import type { DoctorSettings } from '../config/settings.ts';
import { runRules } from '../report/run-rules.ts';
import { RULES } from '../rules/catalogue.ts';
import type { Facts } from '../rules/rule.ts';
import { healthyFacts } from './made-up.ts';

/** What one rule says of healthy facts with something wrong in them. */
export function askRule(id: string, facts: Partial<Facts>, rules: DoctorSettings['rules'] = {}) {
  const rule = RULES.filter((one) => one.id === id);
  if (rule.length !== 1) throw new Error(`no rule ${id}`);
  return runRules(rule, { ...healthyFacts(), ...facts }, { rules }).findings;
}

/** Its severity, or undefined when it has nothing to say. */
export function severityOf(id: string, facts: Partial<Facts>): string | undefined {
  return askRule(id, facts)[0]?.severity;
}
