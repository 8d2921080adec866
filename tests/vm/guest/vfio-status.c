/* Asks the kernel whether VFIO accepts a group: opens /dev/vfio/<group> and prints the flags of VFIO_GROUP_GET_STATUS.
   Exits with 0 when the group is viable, with 1 when it is not. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

int main(int count, char **words) {
  if (count != 2) return fprintf(stderr, "usage: vfio-status <group>\n"), 2;
  char path[64];
  snprintf(path, sizeof path, "/dev/vfio/%s", words[1]);
  int group = open(path, O_RDWR);
  if (group < 0) return fprintf(stderr, "%s: %s\n", path, strerror(errno)), 3;
  struct vfio_group_status status = {.argsz = sizeof status};
  if (ioctl(group, VFIO_GROUP_GET_STATUS, &status) < 0) return fprintf(stderr, "status: %s\n", strerror(errno)), 3;
  int viable = (status.flags & VFIO_GROUP_FLAGS_VIABLE) != 0;
  puts(viable ? "viable" : "not viable");
  return !viable;
}
