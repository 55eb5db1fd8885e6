import { planReport } from '../../../../core/activity/read/plan.ts';
import { endedRequest, PLAN_SETTINGS, READ_AT } from '../records.ts';
import { reportOf } from '../stored-reports.ts';

const regionsOf = (configured: readonly string[], enabled?: readonly string[]) =>
  planReport(endedRequest(), { ...PLAN_SETTINGS, regions: configured }, READ_AT, enabled);

describe('which Regions are read', () => {
  test('every Region that is enabled in the account, whatever is configured', () => {
    expect(regionsOf(['us-east-1'], ['ap-east-1', 'us-east-1'])).toMatchObject({ regions: ['ap-east-1', 'us-east-1'] });
    expect(regionsOf(['us-east-1'], ['us-east-1']).regionsUnknown).toBeUndefined();
  });

  test('the configured Regions if the account cannot be asked, or without any those that are enabled everywhere', () => {
    expect(regionsOf(['us-east-1'])).toMatchObject({ regions: ['us-east-1'], regionsUnknown: true });
    expect(regionsOf([]).regions).toHaveLength(17);
  });

  test('a report does not say that nothing was done if there may be a Region that was not read', () => {
    const model = reportOf([], { edit: ({ plan }) => Object.assign(plan, { regionsUnknown: true }) });
    expect(model.headline).toBe('no calls found, but not everything was seen');
    expect(model.coverage.gaps.join()).toContain('could not be asked which Regions are enabled');
  });
});
