import { chromium as play } from 'playwright-core';
import chromium from '@sparticuz/chromium';
const [,, hash='device', out='x', sizes='wide,narrow', modes='light,dark'] = process.argv;
const {serveApp}=await import('./dist/cli/serve.js');
const server=await serveApp(0);const port=server.address().port;
const b=await play.launch({executablePath:await chromium.executablePath(),args:['--no-sandbox','--enable-unsafe-webgpu','--use-webgpu-adapter=swiftshader','--enable-features=Vulkan','--use-vulkan=swiftshader','--use-angle=swiftshader','--enable-webgpu-developer-features']});
for (const mode of modes.split(',')) for (const size of sizes.split(',')) {
 const ctx=await b.newContext({viewport:size==='wide'?{width:1440,height:900}:{width:390,height:844},colorScheme:mode,deviceScaleFactor:1});
 const p=await ctx.newPage();p.on('console',m=>console.log('console',m.type(),m.text()));p.on('pageerror',e=>console.log('error',e.message));
 await p.goto(`http://localhost:${port}/#${hash}`);
 await p.waitForTimeout(Number(process.env.WAIT??3500));
 await p.screenshot({path:`/tmp/apptry/${out}-${size}-${mode}.png`,fullPage:process.env.FULL!=='0'});
 console.log(size,mode,await p.evaluate(()=>[document.documentElement.scrollWidth,innerWidth, document.querySelector('.backend')?.innerText]));
 await ctx.close();
}
await b.close();server.close();process.exit(0);
