// The program, and one real ioctl.
import './ioctl-call.ts'
import '../../src/process.ts'
