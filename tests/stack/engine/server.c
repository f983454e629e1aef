/* Reads the model's mark, then answers every request on the loopback with a count of tokens. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKENS 16
#define DEVICE "CPU"

int main(int count, char **words) {
  const char *model = "", *port = "0";
  for (int at = 1; at < count; at++) {
    if (!strcmp(words[at], "--list-devices")) return puts("Available devices:\n  (none)") < 0;
    if (!strcmp(words[at], "-v")) {
      fprintf(stderr, "load_tensors: layer   0 assigned to device %s, is_swa = 0\n", DEVICE);
      fprintf(stderr, "load_tensors: offloaded 1/1 layers to GPU\n");
    }
    if (at + 1 == count) break;
    if (!strcmp(words[at], "-m")) model = words[at + 1];
    if (!strcmp(words[at], "--port")) port = words[at + 1];
  }
  char mark[5] = {0};
  FILE *file = fopen(model, "rb");
  if (!file || fread(mark, 1, 4, file) != 4 || strcmp(mark, "GGUF")) {
    fprintf(stderr, "no model in %s\n", model);
    return 1;
  }
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int door = socket(AF_INET, SOCK_STREAM, 0), again = 1;
  setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
  if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 8)) return 1;
  char body[64], answer[256], heard[4096];
  snprintf(body, sizeof body, "{\"content\":\"kalomi\",\"tokens_predicted\":%d}", TOKENS);
  snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
  for (;;) {
    int guest = accept(door, 0, 0);
    if (guest < 0) return 1;
    if (read(guest, heard, sizeof heard) > 0 && write(guest, answer, strlen(answer)) < 0) perror("write");
    shutdown(guest, SHUT_WR);
    while (read(guest, heard, sizeof heard) > 0) {}
    close(guest);
  }
}
