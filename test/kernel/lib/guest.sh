# shellcheck shell=bash
# The virtual machine.

# Two nodes with two CPUs each; an IOMMU; plain PCI devices for the ways to open one behind it; the firmware table with the
# steering tags. The emulated NIC's registers lie in the 16 MB of memory that the kernel is told to leave alone.
machine=(
  -nodefaults -no-user-config -no-reboot -display none
  -M "q35,kernel-irqchip=split" -accel "tcg,thread=multi" -cpu max
  -smp "4,sockets=2,cores=2"
  -numa "node,nodeid=0,cpus=0-1,memdev=m0" -numa "node,nodeid=1,cpus=2-3,memdev=m1"
  -device "intel-iommu,intremap=on,caching-mode=on"
  -device "pci-testdev,addr=05.0" -device "pci-testdev,addr=06.0"
  -device "pcie-root-port,id=port0,addr=07.0,chassis=1,slot=1" -device "nvme,bus=port0,serial=tphctl"
)
share_options=ro,trans=virtio,version=9p2000.L,cache=loose,msize=262144
# no_timer_check: that check at boot is a race, which an emulated machine under load can lose.
kernel_arguments=(
  console=ttyS0 panic=-1 oops=panic no_timer_check "memmap=16M\$0x7e000000"
  intel_iommu=on vfio.enable_unsafe_noiommu_mode=1
  root=root rootfstype=9p "rootflags=$share_options"
  init=/bin/sh -- "-c \"mount -t 9p -o $share_options stage /mnt && exec /mnt/init\""
)

# boot: runs the guest until it powers off or its time is over.
boot() {
  local half=$((guest_memory / 2)) options
  options=(
    "${machine[@]}" -m "${guest_memory}M"
    -object "memory-backend-ram,id=m0,size=${half}M" -object "memory-backend-ram,id=m1,size=${half}M"
    -acpitable "file=$work/ssdt.aml"
    -kernel "$kernel/arch/x86/boot/bzImage" -append "${kernel_arguments[*]}"
    -fsdev "local,id=root,path=$cache/$(root_name),security_model=none,readonly=on" -device "virtio-9p-pci,fsdev=root,mount_tag=root"
    -fsdev "local,id=stage,path=$stage,security_model=none,readonly=on" -device "virtio-9p-pci,fsdev=stage,mount_tag=stage"
  )
  "boot_$mode" "${options[@]}"
}

# Two serial ports: the console, and the results. What went wrong with the machine is left in the file complaint.
boot_test() {
  local code=0
  timeout --foreground --kill-after=10 "$time_limit" qemu-system-x86_64 "$@" \
    -serial "file:$logs/console.log" -serial "file:$logs/results.tap" >"$logs/qemu.log" 2>&1 || code=$?
  case $code in
    0) ;;
    124 | 137) echo "it did not power off within $time_limit s" >"$work/complaint" ;;
    *) echo "exit code $code: $(tail -n 1 "$logs/qemu.log")" >"$work/complaint" ;;
  esac
}

boot_shell() {
  echo 'exit or Ctrl-D powers the guest off, Ctrl-A x ends it.'
  qemu-system-x86_64 "$@" -mon chardev=terminal -serial chardev:terminal \
    -chardev "stdio,id=terminal,mux=on,signal=off,logfile=$logs/console.log"
}
