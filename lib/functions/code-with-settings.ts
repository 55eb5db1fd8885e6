import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, BundlingOutput, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { SETTINGS_FILE } from '../../lambdas/shared/environment-names.ts';

/**
 * A function's bundle with its settings as a file beside it: they change with a deployment, and nobody waits for a further call at a
 * cold start. The bundle on disk stays as it was built.
 *
 * @param settings JSON; without it the bundle is the code
 */
export function codeWithSettings(path: string, settings: string | undefined): AssetCode {
  if (settings === undefined) return Code.fromAsset(path);
  return Code.fromAsset(path, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the folder is always made here.
      image: DockerImage.fromRegistry('scratch'),
      outputType: BundlingOutput.NOT_ARCHIVED,
      // The CDK takes assets of the same folder and options for the same; other settings are another asset.
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
