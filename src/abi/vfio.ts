/** The mirror of <linux/vfio.h> in one import; the parts are split by what the fd is. */
export * from './vfio-bind.ts'
export * from './vfio-container.ts'
export * from './vfio-device.ts'
export * from './vfio-feature.ts'
export * from './vfio-group.ts'
export * from './vfio-region-caps.ts'
