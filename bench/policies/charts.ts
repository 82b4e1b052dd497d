import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])

/** Named series over the same categories. */
export interface Chart {
  title: string
  /** What the values are. */
  unit: string
  categories: string[]
  series: { name: string; values: number[] }[]
}

const draw = (size: { width: number; height: number }, option: Parameters<ReturnType<typeof init>['setOption']>[0]) => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  chart.setOption({ animation: false, backgroundColor: '#fff', ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

/** Bars lying beside each other, one group a category; the axis is logarithmic, so that twice is twice everywhere. */
export const bars = ({ title, unit, categories, series }: Chart): string =>
  draw({ width: 900, height: 140 + categories.length * (18 + series.length * 12) }, {
    title: { text: title, left: 'center' },
    legend: { bottom: 0, itemGap: 40 },
    grid: { left: 280, right: 40, top: 50, bottom: 70 },
    xAxis: { type: 'log', logBase: 2, name: unit, nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'category', inverse: true, data: categories },
    series: series.map(({ name, values }) => ({ type: 'bar', name, data: values })),
  })

/** Lines over categories in their order. */
export const lines = ({ title, unit, categories, series }: Chart): string =>
  draw({ width: 900, height: 420 }, {
    title: { text: title, left: 'center' },
    legend: { bottom: 0, itemGap: 40 },
    grid: { left: 60, right: 40, top: 60, bottom: 80 },
    xAxis: { type: 'category', data: categories, name: 'organizations', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'value', name: unit, nameLocation: 'middle', nameGap: 36, min: 0 },
    series: series.map(({ name, values }) => ({ type: 'line', name, data: values })),
  })
