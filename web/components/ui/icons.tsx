import type { ReactNode } from 'react'

// Drawn on a grid of 20, with the colour of the text around them. They decorate: what they mean is said in words.

const icon = (paths: ReactNode) => () => (
  <svg
    className='ds-icon'
    viewBox='0 0 20 20'
    fill='none'
    stroke='currentColor'
    strokeWidth='1.6'
    strokeLinecap='round'
    strokeLinejoin='round'
    aria-hidden='true'
  >
    {paths}
  </svg>
)

export const CloseIcon = icon(<path d='M5 5l10 10M15 5L5 15' />)
export const CheckIcon = icon(<path d='M4 10.5l4 4 8-9' />)
export const UpDownIcon = icon(<path d='M6.5 8L10 4.5 13.5 8M6.5 12L10 15.5 13.5 12' />)
export const PlusIcon = icon(<path d='M10 4v12M4 10h12' />)
export const MoreIcon = icon(<path d='M4.5 10h.01M10 10h.01M15.5 10h.01' strokeWidth='2.6' />)
export const PeopleIcon = icon(
  <>
    <circle cx='7.5' cy='7' r='3' />
    <path d='M2 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 4.3a3 3 0 010 5.4M15 12.4c1.8.7 3 2.4 3 4.6' />
  </>,
)
export const MailIcon = icon(
  <>
    <rect x='2.5' y='4.5' width='15' height='11' rx='2' />
    <path d='M3 6l7 5 7-5' />
  </>,
)
export const GlobeIcon = icon(
  <>
    <circle cx='10' cy='10' r='7.5' />
    <path d='M2.5 10h15M10 2.5c2.2 2.2 3.2 4.8 3.2 7.5s-1 5.3-3.2 7.5c-2.2-2.2-3.2-4.8-3.2-7.5s1-5.3 3.2-7.5z' />
  </>,
)
export const ListIcon = icon(<path d='M7 5.5h10M7 10h10M7 14.5h10M3 5.5h.01M3 10h.01M3 14.5h.01' />)
export const PhoneIcon = icon(
  <path d='M4 3.5h3l1.5 4-2 1.5a9 9 0 004.5 4.5l1.5-2 4 1.5v3a1 1 0 01-1 1A13 13 0 013 4.5a1 1 0 011-1z' />,
)
export const AlertIcon = icon(
  <>
    <path d='M10 3l7.5 13.5h-15z' />
    <path d='M10 8.5v3.5M10 14.3v.01' />
  </>,
)
export const ClockIcon = icon(
  <>
    <circle cx='10' cy='10' r='7.5' />
    <path d='M10 5.8V10l2.8 2' />
  </>,
)
