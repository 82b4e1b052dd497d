import { useState } from 'react'
import { Menu, MenuItem, MenuParts, MenuSeparator } from '../components/ui/menu.tsx'
import { CheckIcon } from '../components/ui/icons.tsx'
import { Avatar } from '../components/ui/text.tsx'
import { useSession } from './session.tsx'
import { chooseTheme, chosenTheme, themes } from './theme.ts'
import { useSignOut } from './use-sign-out.ts'

/** Who is signed in, the colours, and the way out. */
export function AccountMenu() {
  const { person } = useSession()
  const signOut = useSignOut()
  const [theme, setTheme] = useState<string>(chosenTheme)
  const email = person?.email ?? ''
  return (
    <div className='account'>
      <Menu trigger={<Avatar name={email} />} triggerClass='ds-round-button' label={`Account of ${email}`}>
        <p className='ds-menu-text'>
          Signed in as <bdi>{email}</bdi>
        </p>
        <MenuSeparator />
        <MenuParts.RadioGroup
          value={theme}
          onValueChange={(value: unknown) => {
            chooseTheme(value)
            setTheme(chosenTheme())
          }}
        >
          <MenuParts.GroupLabel className='ds-menu-label'>Colours</MenuParts.GroupLabel>
          {Object.entries(themes).map(([name, title]) => (
            <MenuParts.RadioItem key={name} value={name} className='ds-menu-item' closeOnClick={false}>
              {title}
              <MenuParts.RadioItemIndicator>
                <CheckIcon />
              </MenuParts.RadioItemIndicator>
            </MenuParts.RadioItem>
          ))}
        </MenuParts.RadioGroup>
        <MenuSeparator />
        <MenuItem className='ds-menu-item' onClick={() => void signOut()}>Sign out</MenuItem>
      </Menu>
    </div>
  )
}
