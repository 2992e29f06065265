/* A sound card made of a clock: an ALSA plugin that takes frames as fast as a card plays them.
 *
 * ALSA's own `null` and `file` take everything at once, which says nothing about a ring's delay.
 * What this one is given is heard by nobody, but it tells when it would have been: a line
 * "loud NANOSECONDS" (CLOCK_MONOTONIC) into the file `heard` for the first frame that can be heard,
 * "quiet NANOSECONDS" once 20 ms of silence have followed.
 */

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* -60 dBFS: below it is a codec's rounding, not a bell. */
enum { AUDIBLE = 32, SECOND = 1000000000 };

struct paced {
	snd_pcm_ioplug_t io;
	int heard;                  /* the file that is told */
	int64_t started;            /* when frame 0 began to sound, ns; 0: not running */
	int64_t taken;              /* frames that we were given since then */
	int64_t silent;             /* silent frames at their end */
	int loud;
	int64_t early;              /* the first audible frame, where it came before the start; or -1 */
};

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * (int64_t)SECOND + t.tv_nsec;
}

static int64_t frames_to_ns(const struct paced *card, int64_t frames)
{
	return frames * SECOND / card->io.rate;
}

/* Wakes who waits at `first`, and after each `every`. */
static int arm(struct paced *card, int64_t first, int64_t every)
{
	struct itimerspec timer = {
		.it_value = { first / SECOND, first % SECOND },
		.it_interval = { every / SECOND, every % SECOND },
	};
	return timerfd_settime(card->io.poll_fd, TFD_TIMER_ABSTIME, &timer, NULL) ? -errno : 0;
}

static void tell(const struct paced *card, const char *what, int64_t frame)
{
	char line[64];
	int length = snprintf(line, sizeof line, "%s %lld\n", what,
			      (long long)(card->started + frames_to_ns(card, frame)));
	if (write(card->heard, line, length) != length)
		SNDERR("what is heard cannot be told");
}

static int paced_prepare(snd_pcm_ioplug_t *io)
{
	struct paced *card = io->private_data;
	card->started = card->taken = 0;
	/* Not `loud`: a card that ran out of frames amid a sound goes on with that sound. */
	card->silent = 0;
	card->early = -1;
	/* Not running yet, and yet it takes frames: who waits for that is woken. */
	return arm(card, now() + 1, SECOND / 1000);
}

static int paced_start(snd_pcm_ioplug_t *io)
{
	struct paced *card = io->private_data;
	int64_t period = frames_to_ns(card, io->period_size);
	card->started = now();
	if (card->early >= 0)
		tell(card, "loud", card->early);
	return arm(card, card->started + period, period);
}

static int paced_stop(snd_pcm_ioplug_t *io)
{
	struct paced *card = io->private_data;
	card->started = 0;
	return 0;
}

/* Where it plays, as frames since the start. */
static int64_t played(const struct paced *card)
{
	return card->started ? (now() - card->started) * card->io.rate / SECOND : 0;
}

static snd_pcm_sframes_t paced_pointer(snd_pcm_ioplug_t *io)
{
	struct paced *card = io->private_data;
	int64_t at = played(card);
	if (at > card->taken)
		return -EPIPE;      /* it ran out of frames */
	return at % io->buffer_size;
}

static snd_pcm_sframes_t paced_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
					snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
	struct paced *card = io->private_data;
	const int16_t *samples = (const int16_t *)areas->addr + offset * io->channels;
	for (snd_pcm_uframes_t frame = 0; frame < size; frame++, card->taken++) {
		int audible = 0;
		for (unsigned channel = 0; channel < io->channels; channel++)
			audible |= abs(samples[frame * io->channels + channel]) > AUDIBLE;
		card->silent = audible ? 0 : card->silent + 1;
		if (audible && !card->loud) {
			card->loud = 1;
			if (card->started)
				tell(card, "loud", card->taken);
			else
				card->early = card->taken;
		} else if (card->loud && card->started && card->silent >= io->rate / 50) {
			card->loud = 0;
			tell(card, "quiet", card->taken);
		}
	}
	return size;
}

static int paced_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned int count,
			 unsigned short *revents)
{
	struct paced *card = io->private_data;
	uint64_t ticks;
	(void)fds, (void)count;
	if (read(io->poll_fd, &ticks, sizeof ticks) < 0 && errno != EAGAIN)
		return -errno;
	int64_t waiting = card->taken - played(card);
	int room = waiting + (int64_t)io->period_size <= (int64_t)io->buffer_size;
	*revents = room ? POLLOUT : 0;
	return 0;
}

static int paced_close(snd_pcm_ioplug_t *io)
{
	struct paced *card = io->private_data;
	close(io->poll_fd);
	close(card->heard);
	free(card);
	return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
	.prepare = paced_prepare,
	.start = paced_start,
	.stop = paced_stop,
	.pointer = paced_pointer,
	.transfer = paced_transfer,
	.poll_revents = paced_revents,
	.close = paced_close,
};

/* What a cheap USB card can do. */
static int constrain(snd_pcm_ioplug_t *io)
{
	static const unsigned int access[] = { SND_PCM_ACCESS_RW_INTERLEAVED };
	static const unsigned int formats[] = { SND_PCM_FORMAT_S16 };
	int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 1, access);
	if (!error)
		error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
	if (!error)
		error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, 2, 2);
	if (!error)
		error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, 48000, 48000);
	if (!error)
		error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES,
							32 * 4, 16384 * 4);
	if (!error)
		error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 32);
	return error;
}

SND_PCM_PLUGIN_DEFINE_FUNC(paced)
{
	const char *heard = NULL;
	snd_config_iterator_t at, next;
	(void)root;
	snd_config_for_each(at, next, conf) {
		snd_config_t *entry = snd_config_iterator_entry(at);
		const char *key;
		if (snd_config_get_id(entry, &key) == 0 && strcmp(key, "heard") == 0)
			snd_config_get_string(entry, &heard);
	}
	struct paced *card = calloc(1, sizeof *card);
	if (!card)
		return -ENOMEM;
	card->heard = open(heard ? heard : "/dev/null", O_WRONLY | O_CLOEXEC);
	card->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (card->heard < 0 || card->io.poll_fd < 0) {
		SNDERR("%s cannot be opened", heard);
		return -errno;
	}
	card->io.version = SND_PCM_IOPLUG_VERSION;
	card->io.name = "a sound card made of a clock";
	card->io.poll_events = POLLIN;
	card->io.callback = &callbacks;
	card->io.private_data = card;
	int error = snd_pcm_ioplug_create(&card->io, name, stream, mode);
	if (!error)
		error = constrain(&card->io);
	*pcmp = card->io.pcm;
	return error;
}

SND_PCM_PLUGIN_SYMBOL(paced);
