/** On the pages beside the member code: what somebody has just read from it comes in by itself, and is said once. */
import { useEffect, useRef } from '../../shared/js/view.js';
import { toast } from '../../shared/js/components.js';
import { points } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { lookEvery, watchReadings } from '../models/readings.js';
import { signal } from '../models/session.js';

/** Ask while the page is seen, often only for a while after the code was shown; `onFresh` gets what came, oldest first. */
export function useJustIn(onFresh) {
  const latest = useRef(onFresh);
  latest.current = onFresh;
  useEffect(() => {
    const look = watchReadings();
    let asking = false;
    const turn = async () => {
      if (asking) return;
      asking = true;
      const fresh = await look().catch(() => []);   // without signal the page stays as it is
      asking = false;
      if (!fresh.length) return;
      tell(fresh);
      latest.current(fresh);
    };
    const end = lookEvery(turn);
    let away = signal.get().offline;
    const heard = signal.subscribe(({ offline }) => {
      if (away && !offline) turn();
      away = offline;
    });
    return () => { end(); heard(); };
  }, []);
}

function tell(fresh) {
  const credited = fresh.filter(({ state }) => state === 'credited');
  const sum = credited.reduce((total, each) => total + each.points, 0);
  const named = (credited[0] ?? fresh[0]).name;
  if (credited.length) toast(t('just_in.credited', { name: named, points: points(sum), count: sum }));
  else toast(t('just_in.other', { name: named, state: t(`state.${fresh[0].state}`) }), 'info-circle');
}
