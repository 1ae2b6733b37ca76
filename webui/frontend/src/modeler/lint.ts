// Remarks while drawing. The server's check is the judge; these only spare a designer the way to it.
import ConditionalFlows from 'bpmnlint/rules/conditional-flows';
import EndEventRequired from 'bpmnlint/rules/end-event-required';
import EventBasedGateway from 'bpmnlint/rules/event-based-gateway';
import FakeJoin from 'bpmnlint/rules/fake-join';
import LabelRequired from 'bpmnlint/rules/label-required';
import NoDisconnected from 'bpmnlint/rules/no-disconnected';
import NoDuplicateFlows from 'bpmnlint/rules/no-duplicate-sequence-flows';
import NoGatewayJoinFork from 'bpmnlint/rules/no-gateway-join-fork';
import NoImplicitEnd from 'bpmnlint/rules/no-implicit-end';
import NoImplicitSplit from 'bpmnlint/rules/no-implicit-split';
import NoImplicitStart from 'bpmnlint/rules/no-implicit-start';
import SingleBlankStart from 'bpmnlint/rules/single-blank-start-event';
import SingleDefinition from 'bpmnlint/rules/single-event-definition';
import StartEventRequired from 'bpmnlint/rules/start-event-required';
import SubProcessBlankStart from 'bpmnlint/rules/sub-process-blank-start-event';
import SuperfluousGateway from 'bpmnlint/rules/superfluous-gateway';
import { HOUSE_RULES } from './house-rules';

type Rule = (config?: unknown) => { check: unknown; meta?: unknown };

const RULES: Record<string, [category: 'error' | 'warn', rule: Rule]> = {
  'conditional-flows': ['error', ConditionalFlows],
  'end-event-required': ['error', EndEventRequired],
  'event-based-gateway': ['error', EventBasedGateway],
  'fake-join': ['warn', FakeJoin],
  'label-required': ['warn', LabelRequired],
  'no-disconnected': ['error', NoDisconnected],
  'no-duplicate-sequence-flows': ['warn', NoDuplicateFlows],
  'no-gateway-join-fork': ['error', NoGatewayJoinFork],
  'no-implicit-end': ['warn', NoImplicitEnd],
  'no-implicit-split': ['error', NoImplicitSplit],
  'no-implicit-start': ['warn', NoImplicitStart],
  'single-blank-start-event': ['error', SingleBlankStart],
  'single-event-definition': ['error', SingleDefinition],
  'start-event-required': ['error', StartEventRequired],
  'sub-process-blank-start-event': ['error', SubProcessBlankStart],
  'superfluous-gateway': ['warn', SuperfluousGateway],
  ...HOUSE_RULES,
};

export const linting = {
  active: true,
  bpmnlint: {
    config: { rules: Object.fromEntries(Object.entries(RULES).map(([name, [category]]) => [name, category])) },
    resolver: {
      resolveRule(_package: string, name: string): Rule {
        const [, rule] = RULES[name];
        // Without the link to documentation on another host.
        return (config) => ({ ...rule(config), meta: undefined });
      },
      resolveConfig(_package: string, name: string): never {
        throw new Error(`No lint configuration called ${name}.`);
      },
    },
  },
};
