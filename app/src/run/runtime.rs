//! The threads of the network, which give way to the bell's.
//!

use std::{io, sync::Once};

use rustix::{
    io::Errno,
    process::{getpriority_process, setpriority_process},
};
use tokio::runtime::{Builder, Runtime};

/// Levels of `nice` below the bell: a third of its share where both want a core, and a bell that
/// wakes up goes before an answer that is being written.
const BELOW_THE_BELL: i32 = 5;

/// Starts two threads for the network, and others when something waits for a disk, all of them some
/// levels of `nice` below the calling thread.
///
/// Nothing that rings may be started from one of them: a thread inherits its level, and rises again
/// by a right alone.
///
/// # Errors
/// The system has no thread to spare.
pub fn network_runtime() -> io::Result<Runtime> {
    // Linux counts levels by thread. Counted from here: the threads are started by one another too.
    let bell = getpriority_process(None);
    Builder::new_multi_thread()
        .worker_threads(2)
        .on_thread_start(move || give_way(bell))
        .enable_all()
        .build()
}

/// The bell rings either way: a system that refuses this is no reason not to start.
fn give_way(bell: Result<i32, Errno>) {
    let lowered = bell.and_then(|level| setpriority_process(None, level + BELOW_THE_BELL));
    if let Err(error) = lowered {
        // Threads that wait for a disk come and go as long as the box runs.
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            tracing::warn!("the network's threads go beside the bell's, not after them: {error}");
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_of_the_network_is_below_the_bell_and_no_other() {
        let ours = || getpriority_process(None).unwrap();
        let bell = ours();
        let wanted = (bell + BELOW_THE_BELL).min(19);
        let runtime = network_runtime().unwrap();
        let found = runtime.block_on(async move {
            let serving = tokio::spawn(async move {
                let waiting = tokio::task::spawn_blocking(ours);
                (ours(), waiting.await.unwrap())
            });
            serving.await.unwrap()
        });
        assert_eq!(found, (wanted, wanted));
        assert_eq!(ours(), bell, "what rings is started from here");
    }
}
