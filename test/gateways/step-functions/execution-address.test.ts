import { createExecutionPlaces } from '../../../gateways/step-functions/execution-address.ts';

it.each([
  ['aws', 'eu-central-1', 'eu-central-1.console.aws.amazon.com'],
  ['aws-us-gov', 'us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
  ['aws-cn', 'cn-north-1', 'cn-north-1.console.amazonaws.cn'],
])(
  'leads an operator to the execution of a request in the console of its own partition and Region: %s',
  (partition, region, host) => {
    const of = `arn:${partition}:states:${region}:456789012345`;
    const place = createExecutionPlaces(`${of}:stateMachine:glasshammer`)('req-1');
    expect(place).toEqual({
      arn: `${of}:execution:glasshammer:req-1`,
      address: `https://${host}/states/home?region=${region}#/v2/executions/details/${of}:execution:glasshammer:req-1`,
    });
  },
);
