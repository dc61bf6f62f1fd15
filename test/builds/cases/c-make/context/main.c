#include <stdio.h>
#include <string.h>
#include <zlib.h>

int main(void) {
  const char *text = "plimsoll plimsoll plimsoll";
  printf("crc %08lx\n", crc32(0L, (const Bytef *)text, strlen(text)));
  return 0;
}
