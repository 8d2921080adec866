/**
 * @module What a function of the kernel on the stack of an unbinding task says about what it waits for. Data only.
 */

/** Functions that take a device from its driver, or away. */
export const UNBINDING: ReadonlySet<string> = new Set([
  'unbind_store',
  'bind_store',
  'remove_store',
  'reset_store',
  'sriov_numvfs_store',
  'device_driver_detach',
  'device_release_driver',
  'device_release_driver_internal',
  'driver_detach',
  'pci_device_remove',
  'pci_stop_bus_device',
  'pci_stop_and_remove_bus_device',
  'pci_stop_and_remove_bus_device_locked',
  'pciehp_unconfigure_device',
]);

export interface Wait {
  readonly matches: RegExp;
  /** A clause: "it waits until …". */
  readonly says: string;
}

const row = (matches: RegExp, says: string): Wait => Object.freeze({ matches, says });

/** The first row that matches a function on the stack decides: the more telling ones stand first. */
export const WAITS: readonly Wait[] = Object.freeze([
  row(
    /^vfio_(?:unregister_group_dev|del_group_dev|unregister_device|device_group_unregister)/,
    'until the program that has the device open through VFIO closes it',
  ),
  row(
    /^(?:netdev_wait_allrefs|netdev_run_todo|unregister_netdev)/,
    'until nobody refers to its network interface any more',
  ),
  row(/^snd_card_(?:free|disconnect)/, 'until the programs that have the sound card open close it'),
  row(/^(?:pci_disable_sriov|sriov_disable|sriov_del_vfs)/, 'until its virtual functions are gone'),
  row(
    /^(?:blk_mq_freeze_queue|nvme_(?:wait_freeze|remove_namespaces|ns_remove|shutdown|disable))/,
    'until the requests to its disks have ended',
  ),
  row(
    /^(?:sync_blockdev|fsync_bdev|bdev_mark_dead|invalidate_bdev|del_gendisk)/,
    'until what is unwritten for its disks is written',
  ),
  row(/^(?:scsi_remove|sd_remove|sd_shutdown|scsi_execute)/, 'until its disks have answered'),
  row(/^(?:usb_disconnect|usb_remove_hcd|usb_kill_urb|usb_hcd_)/, 'until the USB devices behind it are gone'),
  row(/^(?:drm_dev_unplug|drm_dev_unregister|drm_atomic_helper_shutdown)/, 'until nobody draws with it any more'),
  row(/^(?:__kernfs_remove|kernfs_drain|kernfs_remove)/, 'until nobody reads its files in /sys any more'),
  row(
    /^(?:__?flush_work|flush_workqueue|drain_workqueue|__?cancel_work_sync|destroy_workqueue)/,
    'until work that its driver began has ended',
  ),
  row(/^(?:synchronize_(?:rcu|srcu|net|irq)|__synchronize_srcu)/, 'until readers in the kernel are through'),
  row(/^(?:device_lock|__device_driver_lock|__mutex_lock|mutex_lock)/, 'for a lock that another task holds'),
]);
