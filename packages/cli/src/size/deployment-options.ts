import { type Command, Option } from 'commander';
import { coresOption, instancesOption, numberFrom } from '../frame/arguments.ts';
import { PRESET_NAMES, type PresetName } from './presets.ts';

/** What sizes are reckoned from, as far as it is said. */
export interface DeploymentOptions {
  readonly preset: PresetName;
  readonly instances?: number;
  readonly overlap?: number;
  readonly dbCores?: number;
}

export function addDeploymentOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--preset <name>', 'kind of deployment')
        .choices(PRESET_NAMES)
        .default('production'),
    )
    .addOption(instancesOption())
    .option('--overlap <factor>', 'old and new instances at once in a deploy', numberFrom(1, 10))
    .addOption(coresOption());
}
