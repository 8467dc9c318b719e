/* SPDX-License-Identifier: MIT */
/*
 * Error numbers, Linux's values. Functions return them negated.
 */
#ifndef LIB_ERRNO_H
#define LIB_ERRNO_H

#define EPERM		1	/* not allowed in this state */
#define ENOENT		2	/* no such thing */
#define EINTR		4	/* interrupted, or stopped before it began */
#define EIO		5	/* the device did not do it */
#define ENXIO		6	/* there is no such device */
#define E2BIG		7	/* too long */
#define EAGAIN		11	/* try again */
#define ENOMEM		12	/* out of memory */
#define EACCES		13	/* not allowed to be done to this */
#define EFAULT		14	/* bad address */
#define EBUSY		16	/* taken already */
#define EEXIST		17	/* exists already */
#define EINVAL		22	/* bad argument */
#define ENOSPC		28	/* no room left */
#define ERANGE		34	/* out of range */

#endif
