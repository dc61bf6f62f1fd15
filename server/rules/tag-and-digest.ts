import { remove } from "./edit.ts";
import { changing, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "tag-and-digest",
  category: "maintainability",
  severity: "hint",
  weight: "none",
  aliases: ["sonar/S8431"],
  enabled: false,
  fix: "unsafe",
  assumes: "Nobody reads from the tag which version the digest is.",

  *check({ stages }) {
    for (const { image, imageWord } of stages) {
      if (!image?.digest || image.tag === undefined || !imageWord) continue;
      const { range, text } = imageWord;
      const index = text.indexOf(`:${image.tag}@`);
      const isWritten = index !== -1 && range.end - range.start === text.length;
      const tag = { start: range.start + index, end: range.start + index + image.tag.length + 1 };
      yield {
        at: isWritten ? tag : range,
        message: `The tag \`${image.tag}\` does nothing next to a digest`,
        ...(isWritten
          ? { fixes: [changing(unsafe("Delete the tag beside the digest", remove(tag)), "images")] }
          : { refusal: "a variable holds it" }),
      };
    }
  },
});
