import { Field } from "@acme/ui/field";
import { Select } from "@acme/ui/input";
import { Switch } from "@acme/ui/switch";
import { type Layout, PLACEMENTS } from "./design";

/** Where an own size begins: about what the services choose for a text. */
const FIRST_SIZE = 0.05;

interface LayoutFieldsProps {
  layout: Layout;
  onChange: (layout: Layout) => void;
}

export function LayoutFields({ layout, onChange }: LayoutFieldsProps) {
  const change = (part: Partial<Layout>) => onChange({ ...layout, ...part });
  return (
    <div className="grid gap-4">
      <Field label="Where">
        <Select
          value={layout.placement}
          onChange={({ target }) => {
            const placement = PLACEMENTS.find(([value]) => value === target.value)?.[0];
            if (placement) change({ placement });
          }}
        >
          {PLACEMENTS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Share
        label="Opacity"
        value={layout.opacity}
        bounds={[0.1, 1]}
        onChange={(opacity) => change({ opacity })}
      />
      <Switch
        label="Size that suits the text or logo"
        checked={layout.size === null}
        onCheckedChange={(isOn) => change({ size: isOn ? null : FIRST_SIZE })}
      />
      {layout.size !== null && (
        <Share label="Size" value={layout.size} bounds={[0.01, 0.5]} onChange={(size) => change({ size })} />
      )}
      <Share
        label={layout.placement === "tile" ? "Gap" : "Margin"}
        value={layout.margin}
        bounds={[0, 0.25]}
        onChange={(margin) => change({ margin })}
      />
      <Slider
        label="Angle"
        value={layout.angle}
        bounds={[-180, 180]}
        unit="°"
        onChange={(angle) => change({ angle })}
      />
    </div>
  );
}

interface SliderProps {
  label: string;
  value: number;
  bounds: [number, number];
  onChange: (value: number) => void;
}

/** In percent, of what the services take as a part of one. */
function Share({ value, bounds: [from, to], onChange, ...rest }: SliderProps) {
  return (
    <Slider
      {...rest}
      value={Math.round(value * 100)}
      bounds={[from * 100, to * 100]}
      unit=" %"
      onChange={(percent) => onChange(percent / 100)}
    />
  );
}

function Slider({ label, value, bounds: [min, max], unit, onChange }: SliderProps & { unit: string }) {
  const said = `${Math.round(value)}${unit}`;
  return (
    <label className="grid gap-1 text-sm font-medium">
      <span className="flex justify-between">
        {label} <span className="tabular-nums">{said}</span>
      </span>
      <input
        type="range"
        min={min}
        max={max}
        step={1}
        value={value}
        aria-valuetext={said}
        onChange={({ target }) => onChange(Number(target.value))}
        className="h-8 w-full accent-primary"
      />
    </label>
  );
}
