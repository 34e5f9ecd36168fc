/* A command's output over TCP into another command, and nothing else: no protocol, no encryption.
 * usage: wire serve PORT COMMAND...            for each connection, the command reads it
 *        wire call ADDRESS PORT COMMAND...     the command writes; ends when the other side is done */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char **words, int line, int stream) {
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(line, stream);
    execvp(words[0], words);
    _exit(127);
  }
  int status = 1;
  waitpid(child, &status, 0);
  return status != 0;
}

static int serve(int line, struct sockaddr_in *place, char **words) {
  place->sin_addr.s_addr = INADDR_ANY;
  if (bind(line, (struct sockaddr *)place, sizeof *place) || listen(line, 8)) return 71;
  for (;;) {
    int guest = accept4(line, NULL, NULL, SOCK_CLOEXEC);
    if (guest < 0) continue;
    char said = (char)run(words, guest, 0);
    if (write(guest, &said, 1) != 1) return 74;
    close(guest);
  }
}

static int call(int line, struct sockaddr_in *place, char **words) {
  if (connect(line, (struct sockaddr *)place, sizeof *place)) return 69;
  int failed = run(words, line, 1);
  shutdown(line, SHUT_WR);
  char said = 1;
  return read(line, &said, 1) != 1 || said || failed;
}

int main(int count, char **words) {
  int calls = count > 4 && !strcmp(words[1], "call");
  if (!calls && (count < 4 || strcmp(words[1], "serve"))) return 64;
  int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(line, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in place = {.sin_family = AF_INET};
  place.sin_port = htons((unsigned short)atoi(words[calls ? 3 : 2]));
  if (!calls) return serve(line, &place, words + 3);
  if (inet_pton(AF_INET, words[2], &place.sin_addr) != 1) return 64;
  return call(line, &place, words + 4);
}
