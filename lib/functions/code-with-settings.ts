import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, BundlingOutput, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { SETTINGS_FILE } from '../../lambdas/shared/environment-names.ts';

/**
 * A function's bundle with its settings as a file beside the code. The settings change only with a deployment, and
 * reading a file makes no further call at a cold start. The bundle on disk is not changed.
 *
 * @param settings JSON; `undefined` deploys the bundle alone
 */
export function codeWithSettings(path: string, settings: string | undefined): AssetCode {
  if (settings === undefined) return Code.fromAsset(path);
  return Code.fromAsset(path, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // The image is never pulled: the local bundling below always succeeds.
      image: DockerImage.fromRegistry('scratch'),
      outputType: BundlingOutput.NOT_ARCHIVED,
      // The CDK identifies an asset by its folder and options, so this variable makes other settings another asset.
      environment: { SETTINGS: settings },
      local: {
        tryBundle(to) {
          cpSync(path, to, { recursive: true });
          writeFileSync(join(to, SETTINGS_FILE), settings);
          return true;
        },
      },
    },
  });
}
