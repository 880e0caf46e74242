// Runs a program and tells what it took, as the kernel accounts for it: nanoseconds of wall time, microseconds of CPU time, and
// the largest resident memory in kB. Standard input and output are files named before the program.
//
//   measure IN OUT PROGRAM [WORD...]

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(125);
}

static void redirect(int fd, const char *path, int flags)
{
	int file = open(path, flags, 0600);

	if (file < 0 || dup2(file, fd) < 0)
		fail(path);
}

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 4)
		return 125;
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = vfork();
	if (pid < 0)
		fail("vfork");
	if (pid == 0) {
		redirect(STDIN_FILENO, argv[1], O_RDONLY);
		redirect(STDOUT_FILENO, argv[2], O_WRONLY | O_CREAT | O_TRUNC);
		execvp(argv[3], argv + 3);
		_exit(125);
	}
	if (wait4(pid, &status, 0, &usage) < 0)
		fail("wait4");
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!WIFEXITED(status))
		return 125;
	printf("%lld %ld %ld\n",
	       (end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec),
	       usage.ru_utime.tv_sec * 1000000L + usage.ru_utime.tv_usec +
	       usage.ru_stime.tv_sec * 1000000L + usage.ru_stime.tv_usec,
	       usage.ru_maxrss);
	return WEXITSTATUS(status);
}
