//! From a cue to samples: sounds in memory, voices in a mixer, a sound card that may vanish.
