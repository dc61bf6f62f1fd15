/**
 * What building PHP's extensions and Composer leave for the final stage:
 * https://github.com/docker-library/php/blob/master/docker-php-ext-install
 */
import { withoutDevelopment } from "./development-groups.ts";
import { type Building, NO_DEVELOPMENT, type SplitPart } from "./split-part.ts";

/** Extensions and their settings, and the packages of Composer. */
export function phpPart(building: Building): SplitPart | string {
  const { stage } = building;
  const isPhp = stage.image?.repository === "php" && stage.image.registry === "docker.io";
  const extensions = building.builds("php");
  if (extensions.length > 0 && !isPhp) return "where PHP keeps its extensions in this base image is not known";
  const composer = building.builds("composer");
  if (composer.length > 0 && building.starts("composer")) return "`composer` itself is what the container starts";
  const needless = building.needless("composer");
  return {
    edits: needless.map(withoutDevelopment),
    assumptions: needless.length > 0 ? [NO_DEVELOPMENT] : [],
    outputs: extensions.length > 0 ? ["/usr/local/lib/php/extensions", "/usr/local/etc/php/conf.d"] : [],
  };
}
